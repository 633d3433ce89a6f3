import { matchesServerName } from '../bytes/server-name.js'
import type { Endpoint } from '../verdict/record.js'
import { blockMatcher, loadAddresses } from './addresses.js'
import type { Where } from './policy.js'

/** What conditions are held against: of a capture alone, no handshake is known. */
export interface Subject {
  /** The capture's path below the folder that was given. */
  readonly path: string
  readonly handshake: {
    readonly serverName: string | null
    readonly client: Endpoint
    readonly server: Endpoint
  } | null
}

export type Matcher = (subject: Subject) => boolean

/** Makes a function of conditions; what it takes is loaded where there are any of the kind. */
export async function matcherOf(where: Where): Promise<Matcher> {
  const { 'server-name': names, address, client, server, port, capture } = where
  const conditions: Matcher[] = []
  const ofHandshake = (holds: (handshake: NonNullable<Subject['handshake']>) => boolean): void => {
    conditions.push(({ handshake }) => handshake !== null && holds(handshake))
  }
  if (names !== undefined)
    ofHandshake(
      ({ serverName }) => serverName !== null && names.some((pattern) => matchesServerName(pattern, serverName)),
    )
  if (port !== undefined) ofHandshake(({ server }) => port.includes(server.port))
  if (address !== undefined || client !== undefined || server !== undefined) {
    await loadAddresses()
    if (address !== undefined) {
      const within = blockMatcher(address)
      ofHandshake((handshake) => within(handshake.client.address) || within(handshake.server.address))
    }
    if (client !== undefined) {
      const within = blockMatcher(client)
      ofHandshake((handshake) => within(handshake.client.address))
    }
    if (server !== undefined) {
      const within = blockMatcher(server)
      ofHandshake((handshake) => within(handshake.server.address))
    }
  }
  if (capture !== undefined) {
    const { default: picomatch } = await import('picomatch')
    // A pattern without a slash is one of a file's name, in any folder.
    const patterns = capture.map((pattern) => (pattern.includes('/') ? pattern : `**/${pattern}`))
    const fits = picomatch(patterns, { dot: true })
    conditions.push(({ path }) => fits(path))
  }
  return (subject) => conditions.every((holds) => holds(subject))
}
