export {
  type AnalyzeOptions,
  analyze,
  analyzeInBatches,
  analyzePackets,
  type Progress,
  readPackets,
} from './analyze.js'
export type { Clock, Moment } from './bytes/time.js'
export type { Packet } from './capture/packet.js'
export type { PacketInput } from './capture/packet-iterable.js'
export type { Reader } from './capture/packet-source.js'
export type { ReadError, ReadErrorCode } from './capture/reader.js'
export type { CaptureInput } from './capture/source.js'
export { namedGroup } from './registry/groups.js'
export type * from './verdict/record.js'
