import { readU16Be } from '../bytes/cursor.js'
import { groupOfShare, type ResolvedGroup } from '../registry/groups.js'
import type { Role } from '../registry/types.js'
import { checkOfComponent, isWeierstrassCurve } from './components.js'
import { type Flaw, type PartCheck, type PartFlaw, partFlaw } from './flaw.js'
import { repetitionFlaw } from './repetition.js'
import { isCompressedForm } from './weierstrass-point.js'

/** Key shares of a ClientHello whose bytes are looked into: clients send up to four, and the wire has room for thousands. */
export const MAX_CHECKED_SHARES = 16

/** One and the same for all shares that have none, which are nearly all. */
export const NO_FLAWS: readonly Flaw[] = Object.freeze([])

/**
 * What is wrong with the bytes of a key share, by its group and by who sent it. A share that is not as long as its group
 * demands is not looked into, but for a point that is compressed. Nothing is said of groups without a row, nor of
 * components of which any bytes are valid: a ciphertext, or a KEM that is neither ML-KEM nor Kyber.
 */
export function keyShareFlaws(
  group: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  role: Role,
): readonly Flaw[] {
  const length = end - start
  const resolved = groupOfShare(group, role, length)
  if (resolved.expectedBytes !== length && !hasLengths(resolved, length))
    return compressedPoint(group, resolved, bytes, start, end)
  let flaws: Flaw[] | null = null
  let unsure = false
  for (const part of layoutOf(group, resolved, role, bytes, start)) {
    const from = start + part.offset
    const to = from + part.bytes
    const found = part.check?.(bytes, from, to, role) ?? null
    // The first byte of a point says only that it is one.
    const repeated = repetitionFlaw(bytes, from + part.prefix, to)
    if (found === null && repeated === null) continue
    flaws ??= []
    for (const flaw of [repeated, found]) if (flaw !== null) flaws.push(flawOfPart(flaw, group, length, part.name))
    unsure ||= found !== null && part.tells
  }
  if (flaws === null) return NO_FLAWS
  return unsure && areSwapped(group, resolved, bytes, start, role) ? [swapped(group, length, resolved)] : flaws
}

/** A component at its place in a share. */
interface PlacedPart {
  readonly name: string
  readonly offset: number
  readonly bytes: number
  /** Leading bytes that are the same in every share. */
  readonly prefix: number
  readonly check: PartCheck | null
  /** Other bytes hardly ever pass its check, so that passing it tells where the component stands. */
  readonly tells: boolean
}

type Layout = readonly PlacedPart[]

interface Layouts {
  readonly own: Layout
  /** The components in the other order; null where there is one, or where they are told by lengths before them. */
  readonly swapped: Layout | null
}

/** By what the registry makes of a share, which are the same objects each time. */
const layouts = new WeakMap<ResolvedGroup, Layouts>()

const LENGTH_BYTES = 2

/** Early s2n-tls put the length of each component before it; the registry knows such a share, but no places in it. */
function hasLengths({ parts, expectedBytes }: ResolvedGroup, length: number): boolean {
  return parts === null && expectedBytes !== null && length === expectedBytes + 2 * LENGTH_BYTES
}

function layoutOf(group: number, resolved: ResolvedGroup, role: Role, bytes: Uint8Array, start: number): Layout {
  const { own, swapped } = layoutsOf(group, resolved, role)
  // The lengths must be those of the components for their places to be known.
  if (swapped === null && own.length > 1)
    return own.every((part) => readU16Be(bytes, start + part.offset - LENGTH_BYTES) === part.bytes) ? own : []
  return own
}

function layoutsOf(group: number, resolved: ResolvedGroup, role: Role): Layouts {
  let made = layouts.get(resolved)
  if (made === undefined) {
    made = makeLayouts(group, resolved, role)
    layouts.set(resolved, made)
  }
  return made
}

function makeLayouts(group: number, resolved: ResolvedGroup, role: Role): Layouts {
  const { parts } = resolved
  const expectedBytes = resolved.expectedBytes ?? 0
  if (parts !== null) {
    const own = place(parts, role, 0)
    return { own, swapped: parts.length > 1 ? place([...parts].reverse(), role, 0) : null }
  }
  const unprefixed = groupOfShare(group, role, expectedBytes).parts
  if (unprefixed !== null) return { own: place(unprefixed, role, LENGTH_BYTES), swapped: null }
  // The order of its parts is not known: it is looked at as a whole.
  return { own: place([{ name: resolved.group.name, bytes: expectedBytes }], role, 0), swapped: null }
}

function place(parts: readonly { name: string; bytes: number }[], role: Role, gap: number): Layout {
  let offset = 0
  return parts.map(({ name, bytes }) => {
    offset += gap
    const isPoint = isWeierstrassCurve(name)
    const check = checkOfComponent(name)
    const tells = check !== null && (isPoint || (role === 'client' && name !== 'X25519' && name !== 'X448'))
    const placed = { name, offset, bytes, prefix: isPoint ? 1 : 0, check, tells }
    offset += bytes
    return placed
  })
}

/** Whether the components that tell where they are all stand where they would in the other order. */
function areSwapped(group: number, resolved: ResolvedGroup, bytes: Uint8Array, start: number, role: Role): boolean {
  const { swapped } = layoutsOf(group, resolved, role)
  const telling = swapped?.filter((part) => part.tells) ?? []
  return (
    telling.length > 0 &&
    telling.every((part) => {
      const from = start + part.offset
      const to = from + part.bytes
      return part.check?.(bytes, from, to, role) === null && repetitionFlaw(bytes, from + part.prefix, to) === null
    })
  )
}

function swapped(group: number, bytes: number, { parts }: ResolvedGroup): Flaw {
  const name = parts?.map((part) => part.name).join(' + ') ?? ''
  return flawOfPart(partFlaw('key-share-parts-swapped'), group, bytes, name)
}

/** A point of half the length whose first byte says that it is compressed. */
function compressedPoint(
  group: number,
  { expectedBytes, parts }: ResolvedGroup,
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly Flaw[] {
  const curve = parts?.length === 1 ? parts[0] : undefined
  const length = end - start
  if (curve === undefined || expectedBytes === null || length !== (expectedBytes + 1) / 2) return NO_FLAWS
  const first = bytes[start] as number
  if (!isWeierstrassCurve(curve.name) || !isCompressedForm(first)) return NO_FLAWS
  return [flawOfPart(partFlaw('compressed-point', 0, first), group, length, curve.name)]
}

function flawOfPart(flaw: PartFlaw, group: number, bytes: number, part: string): Flaw {
  return { ...flaw, group, bytes, part }
}
