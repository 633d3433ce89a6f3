import type { Preset } from './preset.js'

export const hybrid: Preset = {
  name: 'hybrid',
  description:
    'TLS 1.3 with a hybrid or post-quantum key exchange, encrypted from the ServerHello on. Disputed: BSI (TR-02102-2, 2026-01) and ANSSI, both as reported, want hybrids and no post-quantum group alone, while CNSA 2.0 asks for ML-KEM-1024 and does not require a hybrid. This preset takes both; to take hybrids alone, extend it with label: [hybrid].',
  source: 'RFC 9846 (TLS 1.3), RFC 10024 (ECDHE with ML-KEM), draft-ietf-tls-mlkem-11',
  date: '2026-11-22',
  rules: {
    outcome: ['negotiated'],
    label: ['hybrid', 'post-quantum'],
    'tls-version': { minimum: 'TLSv1.3' },
    'group-status': { denied: ['obsolete', 'broken', 'private', 'unassigned'], in: ['selected'] },
    encryption: ['after-server-hello'],
    'key-share-validity': 'error',
  },
}
