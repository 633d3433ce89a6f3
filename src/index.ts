export {
  type AnalyzeOptions,
  analyze,
  analyzeInBatches,
  analyzePackets,
  type Progress,
  readPackets,
} from './analyze.js'
export type { Piece, PlacedPiece } from './bytes/pieces.js'
export type { Clock, Moment } from './bytes/time.js'
export type { Packet } from './capture/packet.js'
export type { PacketInput } from './capture/packet-iterable.js'
export type { Reader } from './capture/packet-source.js'
export type { ReadError, ReadErrorCode } from './capture/reader.js'
export type { CaptureInput } from './capture/source.js'
export type { DissectedMessage, DissectedRecord, Dissection } from './dissect/dissect.js'
export type { ShownConnection } from './dissect/shown.js'
export type { TimelineStep } from './dissect/timeline.js'
export type { FieldNode, TreeProblem } from './dissect/tree.js'
export { namedGroup } from './registry/groups.js'
export { type ShownHandshake, type ShowOptions, type ShowResult, show } from './show.js'
export type * from './verdict/record.js'
