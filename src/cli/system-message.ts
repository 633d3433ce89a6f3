/** `no such file or directory` of Node's `ENOENT: no such file or directory, open 'x'`: the path is named elsewhere. */
export function systemMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^E[A-Z0-9]+: ([^,]*)/.exec(message)?.[1] ?? message
}
