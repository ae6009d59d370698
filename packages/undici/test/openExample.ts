import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as UndiciTransport from "@openretl/undici/UndiciTransport"

export const openCrm = (token: string, baseUrl: string) =>
  RudderStack.open({
    name: "crm",
    region: "us",
    baseUrl,
    token,
    defaultScope: "incremental",
    transport: UndiciTransport.make(),
  })
