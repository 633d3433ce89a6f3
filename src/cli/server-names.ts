import { domainToASCII } from 'node:url'
import type { Policy, Where } from '../policy/policy.js'

/**
 * A server name, or a pattern of names, as a person writes it, and where it is internationalized as clients send it: with
 * A-labels (RFC 5890 §2.3.2.1). `bücher.example` is xn--bcher-kva.example. A label with a wildcard is left as it is.
 */
export function serverNameForms(text: string): readonly string[] {
  const sent = text.split('.').map(sentLabel).join('.')
  return sent === text ? [text] : [text, sent]
}

/** A policy whose conditions take internationalized names in both forms. */
export function withSentNames(policy: Policy): Policy {
  const inBoth = <Conditions extends { readonly where: Where }>(conditions: Conditions): Conditions => {
    const { 'server-name': names } = conditions.where
    if (names === undefined) return conditions
    const where = { ...conditions.where, 'server-name': names.flatMap(serverNameForms) }
    return { ...conditions, where }
  }
  return { ...policy, overrides: policy.overrides.map(inBoth), expectations: policy.expectations.map(inBoth) }
}

const ASCII = /^[\0-\x7f]*$/

function sentLabel(label: string): string {
  if (ASCII.test(label) || /[*?]/.test(label)) return label
  // Empty where there is none.
  return domainToASCII(label) || label
}
