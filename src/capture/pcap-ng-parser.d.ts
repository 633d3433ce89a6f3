/** What is used of pcap-ng-parser 1.0.0, which comes without types. */
declare module 'pcap-ng-parser' {
  /** An Enhanced Packet Block; its data are a view of the block's bytes. */
  interface EnhancedPacketBlock {
    readonly interfaceId: number
    readonly timestampHigh: number
    readonly timestampLow: number
    readonly capturedPacketLength: number
    readonly originalPacketLength: number
    readonly data: Buffer
  }

  class PCAPNGParser {
    interfaces: PCAPNGParser.InterfaceDescription[]
    /** Takes the byte order from a whole Section Header Block and returns its length. Throws where it is none. */
    readHeaderBlockFromBuffer(block: Buffer): number
    /** Decodes a whole Enhanced Packet Block. */
    processRawBlock(block: Buffer, type: 6): EnhancedPacketBlock
    /** Decodes a whole Interface Description Block and appends it to `interfaces`. */
    processRawBlock(block: Buffer, type: 1): undefined
    /** Options of an interface description, with the block length that follows them. */
    readOptions(options: Buffer): readonly { readonly code: number; readonly data: Buffer }[]
  }

  namespace PCAPNGParser {
    interface InterfaceDescription {
      readonly linkType: number
      readonly snapLen: number
    }
  }

  export = PCAPNGParser
}
