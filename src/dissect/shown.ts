import type { Dissection } from './dissect.js'
import type { Recording } from './recording.js'
import type { TimelineStep } from './timeline.js'

/** One handshake taken apart, with the connection around it. */
export interface ShownConnection extends Dissection {
  readonly timeline: readonly TimelineStep[]
  /** Segments came out of order: Wireshark shows what is in them only with its preference to reassemble such segments. */
  readonly outOfOrder: boolean
  /** The limit that ended the recording of the connection before the connection did; null where none did. */
  readonly cutShort: Recording['cutShort']
}
