import type { Comparison } from '../../compare/comparison.js'
import type { DiffTextOptions } from './text.js'

/** Turns a comparison into text, in pieces that are to be written one after another. */
export type DiffReporter = (comparison: Comparison, options: DiffTextOptions) => Iterable<string>

/** The formats of `pqcap diff`, each loaded when it is asked for. */
export const DIFF_REPORTERS = {
  text: async (): Promise<DiffReporter> => (await import('./text.js')).diffText,
  json: async (): Promise<DiffReporter> => (await import('./json.js')).diffJson,
  markdown: async (): Promise<DiffReporter> => (await import('./markdown.js')).diffMarkdown,
  svg: async (): Promise<DiffReporter> => (await import('./svg.js')).diffSvg,
}

export type DiffFormat = keyof typeof DIFF_REPORTERS
