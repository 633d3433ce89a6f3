import { awsPq } from './aws-pq.js'
import { cnsa20 } from './cnsa-2.0.js'
import { hybrid } from './hybrid.js'
import { noObsoleteDrafts } from './no-obsolete-drafts.js'
import type { Preset } from './preset.js'
import { tls12Minimum } from './tls12-minimum.js'

/** The policies that come with pqcap, by name. */
export const PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  [hybrid, cnsa20, tls12Minimum, awsPq, noObsoleteDrafts].map((preset) => [preset.name, preset]),
)
