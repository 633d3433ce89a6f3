import type { Preset } from './preset.js'

export const noObsoleteDrafts: Preset = {
  name: 'no-obsolete-drafts',
  description:
    'No code point of a post-quantum draft that was given up, such as X25519Kyber768Draft00 (0x6399), and none of SIDH or SIKE, which are broken: neither selected, nor shared, nor offered, whatever came of the handshake. Peers that have only ML-KEM do not know them, so such a client falls back to a classical group. MLKEM512, MLKEM768 and MLKEM1024 pass: theirs is a draft that was approved to become an RFC.',
  source: 'IANA TLS Supported Groups; history of BoringSSL, s2n-tls and oqs-provider',
  date: '2026-11-22',
  rules: {
    // What was not offered was not selected, however it ended.
    outcome: ['negotiated', 'rejected', 'unanswered'],
    'group-status': {
      denied: ['obsolete', 'broken'],
      in: ['selected', 'shared', 'offered'],
      kinds: ['hybrid', 'post-quantum'],
    },
  },
}
