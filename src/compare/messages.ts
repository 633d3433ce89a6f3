import { isClassicalComponent } from '../registry/groups.js'
import type { Group, HandshakeRecord, KeyShare, ServerKeyExchange } from '../verdict/record.js'
import type { MessagePart, MessageSize, PartKind } from './comparison.js'

/** Shares of one hello whose parts are told: a hello with more is summed up. */
const MAX_SHARES = 16

/**
 * The messages of a handshake that can be read, in the order of the wire, and behind those of each side what else it
 * sent until the client's first encrypted record: record headers, encrypted messages and whatever is in no message.
 */
export function messagesOf(record: HandshakeRecord): MessageSize[] {
  const { clientHello, helloRetryRequest, secondClientHello, serverHello, certificate, serverKeyExchange } = record
  const messages: MessageSize[] = []
  const add = (name: string, from: 'client' | 'server', bytes: number, parts: readonly MessagePart[]): void => {
    messages.push({ name, from, bytes, parts: withRest(parts, bytes) })
  }
  if (clientHello !== null) add('ClientHello', 'client', clientHello.bytes, sharesParts(clientHello.keyShares))
  if (helloRetryRequest !== null) add('HelloRetryRequest', 'server', helloRetryRequest.bytes, [])
  if (secondClientHello !== null)
    add('second ClientHello', 'client', secondClientHello.bytes, sharesParts(secondClientHello.keyShares))
  if (serverHello !== null)
    add(
      'ServerHello',
      'server',
      serverHello.bytes,
      serverHello.keyShare === null ? [] : sharesParts([serverHello.keyShare]),
    )
  if (certificate !== null) add('Certificate', 'server', certificate.bytes, [])
  if (serverKeyExchange !== null)
    add('ServerKeyExchange', 'server', serverKeyExchange.bytes, publicValueParts(serverKeyExchange))
  return [...messages, ...restOf(record, messages)]
}

function restOf({ cost }: HandshakeRecord, messages: readonly MessageSize[]): MessageSize[] {
  if (!cost.complete) return []
  return (['client', 'server'] as const).flatMap((from) => {
    const told = messages.reduce((sum, message) => sum + (message.from === from ? message.bytes : 0), 0)
    const bytes = (from === 'client' ? cost.clientBytes : cost.serverBytes) - told
    if (bytes <= 0) return []
    return [{ name: `rest of the ${from}`, from, bytes, parts: withRest([], bytes) }]
  })
}

function sharesParts(shares: readonly KeyShare[]): MessagePart[] {
  return shares.slice(0, MAX_SHARES).flatMap(shareParts)
}

/** Parts whose lengths are not those of the group are not told apart. */
function shareParts(share: KeyShare): MessagePart[] {
  const { parts, bytes, expectedBytes, name } = share
  if (parts === undefined || expectedBytes !== bytes) return [{ kind: kindOf(share), name, bytes }]
  return parts.map((part) => ({
    kind: isClassicalComponent(part.name) ? 'classical' : parts.length > 1 ? 'post-quantum' : kindOf(share),
    name: part.name,
    bytes: part.bytes,
  }))
}

function publicValueParts({ group, publicBytes }: ServerKeyExchange): MessagePart[] {
  if (publicBytes === null) return []
  return [{ kind: 'classical', name: group?.name ?? 'public value', bytes: publicBytes }]
}

function kindOf({ kind }: Group): PartKind {
  return kind === 'classical' || kind === 'post-quantum' ? kind : 'share'
}

function withRest(parts: readonly MessagePart[], bytes: number): readonly MessagePart[] {
  const rest = bytes - parts.reduce((sum, part) => sum + part.bytes, 0)
  // Shares that are longer than the message around them cannot have been read from it.
  if (rest < 0) return [{ kind: 'other', name: 'other', bytes }]
  return rest === 0 ? parts : [...parts, { kind: 'other', name: 'other', bytes: rest }]
}
