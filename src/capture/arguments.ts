/**
 * What callers without types get wrong. Such an argument is a mistake in a program and not in a capture, so it throws a
 * TypeError: told as a capture that cannot be read, it would look like one without handshakes.
 */

/** What to give in place of things that are easily taken for a capture. */
const INSTEAD: Readonly<Record<string, string>> = {
  URL: '; fileURLToPath of node:url makes it a path',
  ArrayBuffer: '; give new Uint8Array(buffer)',
  SharedArrayBuffer: '; give new Uint8Array(buffer)',
  Blob: '; give blob.stream()',
  File: '; give file.stream()',
  Promise: '; await it',
}

/** Throws a TypeError where there is no capture to be read from it, whatever its bytes. */
export function checkInput(input: unknown): void {
  if (typeof input === 'string' || input instanceof Uint8Array || (isIterable(input) && !ArrayBuffer.isView(input)))
    return
  const wanted = 'a capture must be a path, a Uint8Array or an iterable of Uint8Arrays'
  throw new TypeError(`${wanted}, not ${kindOf(input)}${INSTEAD[constructorName(input)] ?? ''}`)
}

export function checkReader(reader: unknown): void {
  if (reader !== 'own' && reader !== 'pcap-ng-parser')
    throw new TypeError(`reader must be 'own' or 'pcap-ng-parser', not ${kindOf(reader)}`)
}

export function checkPackets(packets: unknown): void {
  if (ArrayBuffer.isView(packets) || !isIterable(packets))
    throw new TypeError(`packets must be an iterable of { data, linkType }, not ${kindOf(packets)}`)
}

/** `number` is that of the packet, from 1, for the message. */
export function checkPacket(packet: unknown, number: number): void {
  if (typeof packet !== 'object' || packet === null)
    throw new TypeError(`packet ${number}: it must be { data, linkType }, not ${kindOf(packet)}`)
  const { data, linkType, originalLength, nanoseconds, frame } = packet as Readonly<Record<string, unknown>>
  if (!(data instanceof Uint8Array))
    throw new TypeError(
      `packet ${number}: data must be a Uint8Array, not ${kindOf(data)}${INSTEAD[constructorName(data)] ?? ''}`,
    )
  if (!isCount(linkType))
    throw new TypeError(`packet ${number}: linkType must be a number from 0, not ${kindOf(linkType)}`)
  if (originalLength !== undefined && !isCount(originalLength))
    throw new TypeError(`packet ${number}: originalLength must be a number of bytes, not ${kindOf(originalLength)}`)
  if (frame !== undefined && (frame === 0 || !isCount(frame)))
    throw new TypeError(`packet ${number}: frame must be a number from 1, not ${kindOf(frame)}`)
  if (nanoseconds !== undefined && typeof nanoseconds !== 'bigint')
    throw new TypeError(`packet ${number}: nanoseconds must be a bigint, not ${kindOf(nanoseconds)}`)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isIterable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || Symbol.iterator in value
}

/** `undefined`, `the number -1`, `a string`, `a URL`. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'number') return `the number ${value}`
  const name = typeof value === 'object' ? constructorName(value) : typeof value
  return `${/^[AEIOaeio]/.test(name) ? 'an' : 'a'} ${name}`
}

function constructorName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  const { name } = (value as { constructor?: { name?: unknown } }).constructor ?? {}
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object'
}
