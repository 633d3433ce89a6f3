import type { Preset } from './preset.js'

export const cnsa20: Preset = {
  name: 'cnsa-2.0',
  description:
    'What a capture can show of the Commercial National Security Algorithm Suite 2.0: ML-KEM-1024 alone for the key exchange, AES-256 and SHA-384, in TLS 1.3. ML-DSA-87 it cannot show: TLS 1.3 encrypts the certificate. Disputed: SecP384r1MLKEM1024 has the ML-KEM parameter that is asked for; NSA does not require hybrids, and allows them where a protocol needs one. It does not pass here; to take it, extend this preset with groups: [MLKEM1024, SecP384r1MLKEM1024]. Hybrids of ML-KEM-768 do not meet it in any reading. MLKEM1024 has the standing of a draft: it was approved, and in October 2026 was not an RFC yet.',
  source: 'NSA, CNSA 2.0 (September 2022) and its FAQ version 2.1 (December 2024)',
  date: '2026-11-22',
  rules: {
    outcome: ['negotiated'],
    label: ['post-quantum', 'hybrid'],
    'tls-version': { minimum: 'TLSv1.3' },
    groups: ['MLKEM1024'],
    'cipher-suite': ['TLS_AES_256_GCM_SHA384'],
    encryption: ['after-server-hello'],
    'key-share-validity': 'error',
  },
}
