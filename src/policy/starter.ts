/** What `pqcap init` writes: a policy that works as it is, with what there is to change. */
export const STARTER = `# yaml-language-server: $schema=node_modules/pqcap/schemas/pqcap-policy-1.schema.json
#
# A policy of pqcap: what TLS handshakes in captures must be like.
#
#   pqcap check --policy pqcap.policy.yaml captures/
#   pqcap check --policy pqcap.policy.yaml --print-policy    what it comes to, and where each value comes from

name: my services

# A preset (hybrid, cnsa-2.0, tls12-minimum, aws-pq, no-obsolete-drafts), the path of another policy such as
# ./company.yaml, or a list of them. What follows here takes precedence.
extends: hybrid

# Each rule is error, warning or off; or a mapping of its settings, with a severity if that is not error.
rules:
  # Handshakes must be TLS 1.3, with a hybrid or post-quantum key exchange: the preset says so. Stricter would be:
  # label: [hybrid]
  # groups: [X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024]
  # offer:
  #   all-of: [X25519MLKEM768]
  # A HelloRetryRequest costs a round trip.
  hello-retry-requests: warning
  # What cannot be judged, because bytes are missing from the capture.
  incomplete: error

# Where something else applies. The first override whose conditions all hold is used, and no other.
# overrides:
#   - where:
#       server-name: '*.legacy.example.com'
#     rules:
#       label: warning
#       tls-version:
#         minimum: TLSv1.2
#       encryption: off
#   # What is not ours to judge:
#   - where:
#       address: [203.0.113.0/24, '2001:db8::/32']
#     rules: off

# Connections that must be there: one that never happened cannot fail a rule.
# expect:
#   - kms.*.amazonaws.com at least 1 hybrid
#   - server-name: api.example.com
#     label: [hybrid, post-quantum]
#     at-least: 2
`
