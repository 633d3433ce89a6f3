const SAFE = /^[\w@%+=:,./-]+$/
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{DI}]/u

/**
 * A file name as a word for a shell, in which nothing steers a terminal: as it is where that is safe, else in single
 * quotes, and in `$'...'` (bash, zsh, ksh) where it has control or format characters.
 */
export function shellWord(name: string): string {
  const word = name.startsWith('-') && name !== '-' ? `./${name}` : name
  if (SAFE.test(word)) return word
  if (!STEERING.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`
  let quoted = ''
  for (const char of word) {
    if (STEERING.test(char)) quoted += escaped(char)
    else quoted += char === '\\' || char === "'" ? `\\${char}` : char
  }
  return `$'${quoted}'`
}

/** By its bytes in UTF-8: what `\u` stands for would depend on the locale of the shell. */
function escaped(char: string): string {
  return Array.from(new TextEncoder().encode(char), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
