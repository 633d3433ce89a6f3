import type { Endpoint } from '../verdict/record.js'

/** `198.51.100.1:443`, `[2001:db8::1]:443`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
