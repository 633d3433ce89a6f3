import type { Unit } from './container.js'

/** A number in a capture, and what it is. */
export interface Field {
  readonly at: number
  readonly size: number
  readonly little: boolean
  readonly what: FieldKind
}

export type FieldKind =
  | 'length'
  | 'number'
  | 'flags'
  | 'linkType'
  | 'blockType'
  | 'optionCode'
  | 'etherType'
  | 'ipProtocol'
  | 'port'
  | 'sequence'
  | 'contentType'
  | 'version'
  | 'handshakeType'
  | 'cipherSuite'
  | 'extensionType'
  | 'group'
  | 'alert'

/** Values that mean something in a field, beside those that any number may have. */
export const MEANINGFUL: Readonly<Partial<Record<FieldKind, readonly number[]>>> = {
  linkType: [
    0, 1, 9, 12, 50, 51, 100, 101, 104, 105, 107, 108, 113, 117, 127, 163, 192, 219, 226, 228, 229, 239, 258, 276,
  ],
  blockType: [0x0a0d0d0a, 1, 2, 3, 4, 5, 6, 0x0a, 0xbad, 0x40000bad, 0x99, 0x0d0d0a0a],
  optionCode: [0, 1, 2, 4, 9, 13, 14, 2988, 0xffff],
  etherType: [0x0800, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x8864, 0x6558, 0x88be, 0x22eb, 0x88e7, 0x894f, 0x0006, 0x05dc],
  ipProtocol: [0, 1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 97, 115, 135, 137, 143],
  port: [443, 4789, 8472, 4790, 6081, 2152, 3544, 1701, 50000, 0],
  contentType: [20, 21, 22, 23, 24, 0, 0x80],
  version: [0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x0002, 0x7f0e, 0x7f12, 0x7f16, 0x7f17, 0x7e02, 0x2a2a, 0x0101],
  handshakeType: [0, 1, 2, 4, 6, 8, 11, 12, 13, 14, 15, 16, 20, 24, 254],
  cipherSuite: [0x1301, 0x1302, 0xc02f, 0x002f, 0x009e, 0x00a8, 0xcca8, 0x0000, 0x5600, 0xff04, 0xff0c, 0x1305, 0xc0a0],
  extensionType: [0, 10, 13, 16, 35, 40, 41, 42, 43, 44, 45, 51, 0xfe0d, 0x2a2a, 0xff01],
  group: [
    0x11ec, 0x11eb, 0x11ed, 0x0200, 0x0201, 0x0202, 0x6399, 0x001d, 0x0017, 0x0018, 0x0100, 0x021f, 0x2a2a, 0xfe30, 0,
  ],
  alert: [0, 1, 2, 40, 70, 80, 90, 112, 255],
  flags: [0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x19, 0x00, 0xff],
}

/** Numbers of a capture file, as far as its structure can be followed. */
export function fieldsOf(units: readonly Unit[]): Field[] {
  const fields: Field[] = []
  const [first] = units
  if (first?.kind === 'record') {
    const { little } = first
    for (const at of [0, 4, 6, 16]) fields.push({ at, size: at === 4 || at === 6 ? 2 : 4, little, what: 'number' })
    fields.push({ at: 20, size: 4, little, what: 'linkType' })
  }
  for (const unit of units) fields.push(...unitFields(unit))
  return fields
}

function unitFields({ start, end, kind, blockType, dataStart, little }: Unit): Field[] {
  const field = (at: number, size: number, what: FieldKind): Field => ({ at, size, little, what })
  if (kind === 'record')
    return [
      field(start, 4, 'number'),
      field(start + 4, 4, 'number'),
      field(start + 8, 4, 'length'),
      field(start + 12, 4, 'length'),
    ]
  const fields = [field(start, 4, 'blockType'), field(start + 4, 4, 'length'), field(end - 4, 4, 'length')]
  if (blockType === 1) fields.push(field(start + 8, 2, 'linkType'), field(start + 12, 4, 'length'))
  for (let at = start + 8; at + 4 < dataStart && at < start + 28; at += 4) fields.push(field(at, 4, 'number'))
  const optionsAt = blockType === 1 ? start + 16 : blockType === 0x0a0d0d0a ? start + 24 : end
  for (let at = optionsAt; at + 4 <= end - 4; at += 4)
    fields.push(field(at, 2, 'optionCode'), field(at + 2, 2, 'length'), field(at, 4, 'number'))
  return fields
}

/** Numbers of a packet: of each header that can be told by its look, at whatever depth. */
export function packetFields(bytes: Uint8Array, start: number, end: number): Field[] {
  const fields: Field[] = []
  if (end - start > 14) fields.push(big(start + 12, 2, 'etherType'), big(start + 14, 2, 'etherType'))
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte >> 4 === 4 && (byte & 15) >= 5 && looksLikeIpv4(bytes, at, end)) fields.push(...ipv4Fields(bytes, at))
    else if (byte === 0x60 && looksLikeIpv6(bytes, at, end)) fields.push(...ipv6Fields(at))
    else if (byte >= 20 && byte <= 24 && bytes[at + 1] === 3 && (bytes[at + 2] ?? 9) <= 4 && at + 5 <= end)
      fields.push(...tlsFields(bytes, at, end))
  }
  return fields.filter((field) => field.at + field.size <= end)
}

function looksLikeIpv4(bytes: Uint8Array, at: number, end: number): boolean {
  const length = u16(bytes, at + 2)
  return (
    at + 20 <= end &&
    length >= 20 &&
    at + length <= end + 4 &&
    [4, 6, 17, 41, 47, 50, 51, 97, 137].includes(bytes[at + 9] as number)
  )
}

function looksLikeIpv6(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 40 <= end && at + 40 + u16(bytes, at + 4) <= end + 4
}

function ipv4Fields(bytes: Uint8Array, at: number): Field[] {
  const transport = at + ((bytes[at] as number) & 15) * 4
  return [
    big(at, 1, 'number'),
    big(at + 2, 2, 'length'),
    big(at + 4, 2, 'number'),
    big(at + 6, 2, 'number'),
    big(at + 9, 1, 'ipProtocol'),
    big(at + 12, 4, 'number'),
    ...transportFields(transport),
  ]
}

function ipv6Fields(at: number): Field[] {
  return [
    big(at, 1, 'number'),
    big(at + 4, 2, 'length'),
    big(at + 6, 1, 'ipProtocol'),
    big(at + 40, 1, 'ipProtocol'),
    big(at + 41, 1, 'length'),
    big(at + 42, 2, 'number'),
    ...transportFields(at + 40),
  ]
}

/** TCP's fields and, by what stands at their places, those of UDP and GRE. */
function transportFields(at: number): Field[] {
  return [
    big(at, 2, 'port'),
    big(at + 2, 2, 'port'),
    big(at + 4, 4, 'sequence'),
    big(at + 4, 2, 'length'),
    big(at + 8, 4, 'sequence'),
    big(at + 12, 1, 'length'),
    big(at + 13, 1, 'flags'),
  ]
}

function tlsFields(bytes: Uint8Array, at: number, end: number): Field[] {
  const fields = [big(at, 1, 'contentType'), big(at + 1, 2, 'version'), big(at + 3, 2, 'length')]
  if (bytes[at] === 21) fields.push(big(at + 5, 1, 'alert'), big(at + 6, 1, 'alert'))
  if (bytes[at] !== 22) return fields
  const type = bytes[at + 5]
  fields.push(big(at + 5, 1, 'handshakeType'), big(at + 6, 3, 'length'), big(at + 9, 2, 'version'))
  if (type === 1 || type === 2) fields.push(...helloFields(bytes, at + 11 + 32, end, type === 1))
  else if (type === 12) fields.push(big(at + 9, 1, 'number'), big(at + 10, 2, 'group'), big(at + 12, 1, 'length'))
  return fields
}

function helloFields(bytes: Uint8Array, sessionIdAt: number, end: number, isClient: boolean): Field[] {
  const fields = [big(sessionIdAt, 1, 'length')]
  const suitesAt = sessionIdAt + 1 + (bytes[sessionIdAt] ?? 0)
  let at: number
  if (isClient) {
    fields.push(big(suitesAt, 2, 'length'), big(suitesAt + 2, 2, 'cipherSuite'))
    const compressionAt = suitesAt + 2 + u16(bytes, suitesAt)
    fields.push(big(compressionAt, 1, 'length'))
    at = compressionAt + 1 + (bytes[compressionAt] ?? 0)
  } else {
    fields.push(big(suitesAt, 2, 'cipherSuite'))
    at = suitesAt + 3
  }
  fields.push(big(at, 2, 'length'))
  at += 2
  for (let count = 0; count < 40 && at + 4 <= end; count++) {
    const length = u16(bytes, at + 2)
    fields.push(big(at, 2, 'extensionType'), big(at + 2, 2, 'length'))
    fields.push(...extensionFields(bytes, u16(bytes, at), at + 4, length, isClient))
    at += 4 + length
  }
  return fields
}

function extensionFields(bytes: Uint8Array, type: number, at: number, length: number, isClient: boolean): Field[] {
  if (length === 0) return []
  switch (type) {
    case 43:
      return isClient ? [big(at, 1, 'length'), big(at + 1, 2, 'version')] : [big(at, 2, 'version')]
    case 10:
      return [big(at, 2, 'length'), big(at + 2, 2, 'group'), big(at + 4, 2, 'group')]
    case 40:
    case 51: {
      if (!isClient) return [big(at, 2, 'group'), big(at + 2, 2, 'length')]
      const second = at + 6 + u16(bytes, at + 4)
      return [big(at, 2, 'length'), big(at + 2, 2, 'group'), big(at + 4, 2, 'length'), big(second, 2, 'group')]
    }
    default:
      return [big(at, 1, 'length'), big(at, 2, 'length'), big(at + 2, 1, 'length'), big(at + 3, 2, 'length')]
  }
}

function big(at: number, size: number, what: FieldKind): Field {
  return { at, size, little: false, what }
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
