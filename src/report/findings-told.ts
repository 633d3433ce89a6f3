import type { Row, Said } from './row.js'

/** Findings that are told below a table: as many as are read. */
const FINDINGS_TOLD = 20

/** The findings of the handshakes of a table, the first ones as sentences and the others counted. */
export class Findings {
  readonly told: Said[] = []
  /** Handshakes with findings that are not told. */
  untold = 0

  add({ capture, findings }: Row): void {
    if (findings.length === 0) return
    if (this.told.length + findings.length > FINDINGS_TOLD) this.untold++
    else for (const { text, tone } of findings) this.told.push({ text: `${capture}: ${text}`, tone })
  }
}
