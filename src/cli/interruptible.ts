/**
 * The chunks until the signal is aborted, then an orderly end, also while the next chunk is being waited for. One
 * listener for all chunks: a pipe that never ends must not gather one a chunk.
 */
export function interruptible(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const end: IteratorResult<Uint8Array> = { done: true, value: undefined }
  return {
    [Symbol.asyncIterator]() {
      const iterator = chunks[Symbol.asyncIterator]()
      let finish: (result: IteratorResult<Uint8Array>) => void = () => {}
      signal.addEventListener('abort', () => finish(end), { once: true })
      return {
        next: () =>
          signal.aborted
            ? Promise.resolve(end)
            : new Promise((resolve, reject) => {
                finish = resolve
                iterator.next().then(resolve, reject)
              }),
        // Not awaited: the source may be waiting for a chunk that never comes.
        return() {
          void iterator.return?.()
          return Promise.resolve(end)
        },
      }
    },
  }
}
