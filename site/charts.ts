/** Charts as SVG, drawn by ECharts without a browser. */
import { BarChart, ScatterChart } from "echarts/charts"
import { GridComponent, LegendComponent } from "echarts/components"
import { type EChartsCoreOption, init, use } from "echarts/core"
import { SVGRenderer } from "echarts/renderers"

use([BarChart, ScatterChart, GridComponent, LegendComponent, SVGRenderer])

const font = "system-ui, sans-serif"
/** Readable on white and on the dark ground of the site. */
const ink = "#7d828f"
const line = { lineStyle: { color: ink, opacity: 0.4 } }

export interface Point {
  readonly name: string
  readonly x: number
  readonly y: number
  /** Whether the chart is about this one. */
  readonly isOurs: boolean
}

export interface Axis {
  readonly name: string
  readonly isLogarithmic?: boolean
}

const drawn = (option: EChartsCoreOption, height: number): string => {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 720, height })
  chart.setOption({ animation: false, textStyle: { fontFamily: font }, ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  // Without what only a live chart needs: a page of Vue may not contain styles.
  return svg.replace(/<style[\s\S]*?<\/style>/g, "").replace("<svg ", '<svg style="max-width: 100%; height: auto" ')
}

const axisOf = ({ name, isLogarithmic = false }: Axis) => ({
  type: isLogarithmic ? "log" : "value",
  name,
  nameLocation: "middle",
  nameGap: 32,
  nameTextStyle: { color: ink },
  axisLabel: { color: ink },
  axisLine: line,
  splitLine: line,
})

/** Draws named points. */
export const scatter = (points: ReadonlyArray<Point>, x: Axis, y: Axis): string =>
  drawn(
    {
      grid: { left: 60, right: 150, top: 20, bottom: 50 },
      xAxis: axisOf(x),
      yAxis: axisOf(y),
      series: [
        {
          type: "scatter",
          symbolSize: 11,
          data: points.map(({ name, x, y, isOurs }) => ({
            name,
            value: [x, y],
            itemStyle: { color: isOurs ? "#3451b2" : ink },
            label: {
              show: true,
              position: isOurs ? "bottom" : "right",
              formatter: name,
              color: isOurs ? "#5672cd" : ink,
            },
          })),
        },
      ],
    },
    380,
  )

export interface Bar {
  readonly name: string
  /** A value for each series. */
  readonly values: ReadonlyArray<number>
}

/** Draws horizontal bars, a group for each name. */
export const bars = (series: ReadonlyArray<string>, groups: ReadonlyArray<Bar>, x: Axis): string =>
  drawn(
    {
      grid: { left: 250, right: 50, top: 40, bottom: 50 },
      legend: { top: 0, itemGap: 30, textStyle: { color: ink } },
      xAxis: axisOf(x),
      yAxis: { type: "category", inverse: true, data: groups.map(({ name }) => name), axisLabel: { color: ink } },
      color: ["#5672cd", "#9aa7d6"],
      series: series.map((name, index) => ({
        type: "bar",
        name,
        data: groups.map(({ values }) => values[index]),
        label: { show: true, position: "right", color: ink },
      })),
    },
    70 + 44 * groups.length,
  )
