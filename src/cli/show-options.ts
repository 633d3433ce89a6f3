/** What `pqcap show` is told. */
export interface ShowCommandOptions {
  /** A path, or `-` for standard input. */
  readonly capture: string
  readonly stream?: number
  readonly handshake?: number
  readonly serverName?: string
  readonly bytes: boolean
  readonly allBytes: boolean
  readonly explain: boolean
  readonly lang?: 'en' | 'ja'
  readonly format: 'text' | 'json'
  readonly reader: 'own' | 'pcap-ng-parser'
  /** undefined: as the environment and the terminal say. */
  readonly color?: boolean
}
