import { MALFORMED_IP, TRUNCATED_HEADER } from './reason.js'
import { IPV4, IPV6 } from './step.js'
import type { Walk } from './walk.js'

/** IPv4 or IPv6 by the version field, where the layer outside does not say which. */
export function readIpVersion(walk: Walk): number {
  if (!walk.has(1)) return TRUNCATED_HEADER
  const version = (walk.bytes[walk.at] as number) >> 4
  return version === 4 ? IPV4 : version === 6 ? IPV6 : MALFORMED_IP
}
