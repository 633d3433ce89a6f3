/**
 * The function with its results kept, frozen, by the identity of the argument, for as long as that lives. The lists of a hello
 * are the same objects in handshake after handshake (`tls/interned.ts`), and so are registered key shares.
 */
export function remembered<Argument extends object, Result>(
  work: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const results = new WeakMap<Argument, Result>()
  return (argument) => {
    let result = results.get(argument)
    if (result === undefined) {
      result = Object.freeze(work(argument)) as Result
      results.set(argument, result)
    }
    return result
  }
}
