/** `no such file or directory` of Node's `ENOENT: no such file or directory, open 'x'`: the path is named elsewhere. */
export function systemMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const plain = /^E[A-Z0-9]+: ([^,]*)/.exec(message)?.[1] ?? message
  return plain === 'illegal operation on a directory' ? 'is a directory' : plain
}
