import { rule } from '../rule.js'

/** Rules about what was seen at all. They are on unless a policy turns them off: a gate that saw nothing has not passed. */

export const incomplete = rule<object>({
  id: 'incomplete',
  title: 'Handshakes can be judged',
  help: 'Bytes that would decide are not in the capture: a packet was lost by the capture, cut by the snap length, or the capture began or ended in the middle. That is neither good nor bad, so other rules say nothing of it. Where rules that only warn could not be decided, this one only warns, too. Capture whole packets (tcpdump -s 0), both directions, from before the first connection until after the last.',
  severity: 'error',
  evaluate: null,
})

export const unseenHandshakes = rule<object>({
  id: 'unseen-handshakes',
  title: 'TLS connections show their handshakes',
  help: 'A connection carries TLS records, but its handshake came before the capture began, or was given up because of one of the limits. Or packets could not be read at all: of a link type that is not known, cut in front of their data, malformed or without a fragment; or they are of QUIC or DTLS, which pqcap does not read. What was agreed on is not known. Start the capture before the connections, close those that are left open, and let tests use TCP.',
  severity: 'warning',
  evaluate: null,
})

export const emptyCapture = rule<object>({
  id: 'empty-capture',
  title: 'Each capture holds a handshake',
  help: 'A capture without any TLS handshake passes as long as others have some. Where each of them should show a connection, turn this on: a test that did not run, or a filter that was wrong, is noticed then.',
  evaluate: null,
})

export const expectation = rule<object>({
  id: 'expectation',
  title: 'Expected handshakes came',
  help: 'The policy says how many handshakes of some name must be there. A connection that was never made cannot fail any other rule, so this one tells of it: the test did not run, the name is another, or the capture missed it.',
  severity: 'error',
  evaluate: null,
})

export const emptyRun = rule<object>({
  id: 'empty-run',
  title: 'There is something to check',
  help: 'No capture of the run holds a TLS handshake, or the policy turns every rule off for all that came: nothing was held against it. The capture may have looked at another interface or port, or have ended too early. Where that is as it should be, --allow-empty lets it pass.',
  severity: 'error',
  evaluate: null,
})
