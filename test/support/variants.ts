import type { Reason } from '../../src/verdict/record.js'
import { containers } from './variants-containers.js'
import { fragments } from './variants-fragments.js'
import { garbage } from './variants-garbage.js'
import { layers } from './variants-layers.js'
import { losses } from './variants-losses.js'
import type { Original } from './variants-original.js'
import { records } from './variants-records.js'
import { segments } from './variants-segments.js'
import { streams } from './variants-streams.js'

/**
 * What must hold of a variant.
 * - `identical`: every record of a handshake is the same, frame numbers and costs too, save for times.
 * - `unchanged`: every fact is the same. Frames, segments, costs and addresses may be others.
 * - `degraded`: nothing false is said. Each handshake is that of the original, or `incomplete` with the reason.
 * - `survives`: the analysis ends, with one record of the capture and without an exception.
 */
export type Promised = 'identical' | 'unchanged' | 'degraded' | 'survives'

/** What an `unchanged` variant changes on purpose. */
export type Besides = 'notes' | 'alerts' | 'padding' | 'clear-records'

/** A capture made of another one, and what must hold of it. */
export interface Variant {
  /** The row of the table of variants: what is tried. */
  readonly row: string
  readonly name: string
  readonly promised: Promised
  readonly besides?: readonly Besides[]
  /** How often each handshake of the original is in it; 1 where left out. */
  readonly copies?: number
  /** The capture's record has an error, since the file ends within something or has something behind its end. */
  readonly damaged?: boolean
  /** Every handshake that got its ServerHello still has a record, whatever is missing of it. */
  readonly allTold?: boolean
  /** Why a handshake is incomplete, where one is; any of the reasons where left out. */
  readonly reason?: Reason
  readonly make: () => Uint8Array
}

/** Every variant of a capture, in the order of the table; the same each time. */
export function variantsOf(original: Original): Variant[] {
  return [containers, layers, fragments, segments, streams, losses, records, garbage].flatMap((make) => make(original))
}
