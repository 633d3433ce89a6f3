import type { Colors } from '../../src/report/paint.js'

const asItIs = (text: string): string => text

/** No colours. */
export const PLAIN: Colors = {
  bold: asItIs,
  dim: asItIs,
  green: asItIs,
  yellow: asItIs,
  cyan: asItIs,
  red: asItIs,
}
