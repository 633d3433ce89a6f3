import type { Filter } from './filter.js'

/** Reads filter expressions, all of which must hold; what that takes is loaded where there are any. */
export async function loadFilter(expressions: readonly string[]): Promise<Filter> {
  if (expressions.length === 0) return () => true
  const { parseFilters } = await import('./filter.js')
  return parseFilters(expressions)
}
