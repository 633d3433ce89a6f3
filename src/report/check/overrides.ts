import type { CheckResult, UnusedOverride } from '../../policy/finding.js'
import { counted } from '../counted.js'
import { cutText, MAX_SENTENCE } from './limits.js'

/** `policy.yaml:12:5 (server-name *.example.com): no handshake matches it`. */
export function overrideText({ place, where, message }: UnusedOverride): string {
  return cutText(`${place} (${where}): ${message}`, MAX_SENTENCE)
}

/** The same where it stands alone. */
export function overrideSentence(override: UnusedOverride, { outcome }: CheckResult): string {
  return `Nothing${outcome === 'trouble' ? ' that was read' : ''} came under the override ${overrideText(override)}.`
}

/** What the list of unused overrides is called: of a run that was not read whole, nobody knows the rest. */
export function overridesTitle({ outcome }: CheckResult): string {
  return `overrides that nothing${outcome === 'trouble' ? ' that was read' : ''} came under`
}

/**
 * Those of the policy's own file, each in a line, and how many there are of policies that it extends: these are there for
 * others, too, and would hide a slip in the policy itself.
 */
export function overrideLines({ unusedOverrides = [] }: CheckResult): readonly string[] {
  const own = unusedOverrides.filter(({ extended }) => !extended)
  const others = unusedOverrides.length - own.length
  if (others === 0) return own.map(overrideText)
  const also = own.length === 0 ? '' : 'and '
  return [...own.map(overrideText), `${also}${counted(others)} of policies that it extends; --all names them`]
}
