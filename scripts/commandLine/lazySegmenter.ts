/** Stands for `Intl.Segmenter` in the bundle: the real one is made when text is segmented, which few commands do. It takes 8 ms. */
export class LazySegmenter {
  readonly #arguments: ConstructorParameters<typeof Intl.Segmenter>
  #segmenter: Intl.Segmenter | undefined

  constructor(...these: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#arguments = these
  }

  segment(text: string): Intl.Segments {
    this.#segmenter ??= new globalThis.Intl.Segmenter(...this.#arguments)
    return this.#segmenter.segment(text)
  }
}
