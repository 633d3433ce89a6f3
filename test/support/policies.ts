import { loadAddresses } from '../../src/policy/addresses.js'
import { type CheckWork, type Evaluator, evaluatorOf, type Judged } from '../../src/policy/evaluate.js'
import { PolicyError, type PolicyNode } from '../../src/policy/node.js'
import type { Policy } from '../../src/policy/policy.js'
import { type PolicyFiles, policyOfFile } from '../../src/policy/resolve.js'
import { yamlNode } from '../../src/policy/yaml-node.js'
import type { HandshakeRecord } from '../../src/verdict/record.js'

/** Policies in memory, by path; `./` before one is nothing. */
export function filesOf(texts: Readonly<Record<string, string>>): PolicyFiles {
  return {
    resolve: (to) => to.replace(/^\.\//, ''),
    async read(path): Promise<PolicyNode> {
      const text = texts[path]
      if (text === undefined) throw new Error('no such file or directory')
      return yamlNode(text, path)
    },
  }
}

/** The policy of a text, which is that of `p.yaml`. */
export function policyOf(text: string, others: Readonly<Record<string, string>> = {}): Promise<Policy> {
  return policyOfFile('p.yaml', filesOf({ 'p.yaml': text, ...others }))
}

/** What is wrong with a policy; none where nothing is. */
export async function problemsOf(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  try {
    await policyOf(text, others)
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.problems
    throw error
  }
}

/** Short texts stay as they are, so that a test can read them. */
export const plainDigest = (text: string): string => text

export async function evaluatorFor(
  text: string,
  roots: CheckWork['roots'] = [],
  namesPassed = false,
  others: Readonly<Record<string, string>> = {},
): Promise<Evaluator> {
  await loadAddresses()
  return evaluatorOf({ policy: await policyOf(text, others), roots, namesPassed }, plainDigest)
}

/** `rule: message` of each failure of a handshake under a policy. */
export async function failuresOf(text: string, record: HandshakeRecord): Promise<string[]> {
  return textsOf((await evaluatorFor(text)).handshake(record))
}

export function textsOf(judged: Judged | null): string[] {
  return judged?.failures.map(({ rule, message }) => `${rule}: ${message}`) ?? []
}
