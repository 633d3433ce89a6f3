/** The command that shows a handshake, to be pasted into a POSIX shell; null where the capture was read from a pipe. */
export function showCommand(capture: string, stream: number, handshake: number): string | null {
  if (capture === '-') return null
  const name = capture.startsWith('-') ? `./${capture}` : capture
  return `pqcap show ${shellWord(name)} --stream ${stream} --handshake ${handshake}`
}

/** As one word of a shell. Characters that a terminal must not see stand as escapes in `$'...'`. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (!/[^\P{C}]|[\p{Zl}\p{Zp}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`
  const escaped = [...text].map((char) => {
    if (char === "'" || char === '\\') return `\\${char}`
    if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char
    return [...new TextEncoder().encode(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  })
  return `$'${escaped.join('')}'`
}
