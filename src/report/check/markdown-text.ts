import { printable } from '../../bytes/text.js'

/** Ends no code span, and no cell of a table. */
const HARMLESS = /^[\p{L}\p{N}./_-](?:[\p{L}\p{N}\p{M} ./:_,;=+@()'*?!#%~-]*[\p{L}\p{N}./_:)'*?-])?$/u

/** What GitHub and GitLab make links of in ordinary text: addresses, mentions, issues. */
const LINKED = /@|#|:\/\/|www\.|[~!%$&]\w/i

/**
 * Text as code: also names and paths that are made to break out of it. Where a code span does not hold it, its
 * characters are written as entities, which are never markup.
 */
export function codeMarkdown(text: string): string {
  const shown = printable(text)
  return HARMLESS.test(shown) ? `\`${shown}\`` : `<code>${entities(shown, /[^\p{L}\p{N}.:/ -]/gu)}</code>`
}

/** Text as it is, without markup or links; as code where it has what readers make links of. */
export function plainMarkdown(text: string): string {
  const shown = printable(text)
  if (LINKED.test(shown)) return codeMarkdown(text)
  // At its start also `-` and digits make lists; within a word `_` is no emphasis.
  return entities(shown, /[^\p{L}\p{N} .,:;()'"/=?_-]|^\s*[-\d]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu)
}

function entities(text: string, characters: RegExp): string {
  return text.replace(characters, (match) => Array.from(match, (char) => `&#${char.codePointAt(0)};`).join(''))
}
