/** Extension code points that are read (RFC 9846 §4.3 and the RFCs named). */
export const SERVER_NAME = 0
export const SUPPORTED_GROUPS = 10
export const SIGNATURE_ALGORITHMS = 13
/** RFC 7301 */
export const ALPN = 16
/** RFC 5077 */
export const SESSION_TICKET = 35
/** key_share in drafts of TLS 1.3 before 23. */
export const DRAFT_KEY_SHARE = 40
export const PRE_SHARED_KEY = 41
export const EARLY_DATA = 42
export const SUPPORTED_VERSIONS = 43
export const COOKIE = 44
export const PSK_KEY_EXCHANGE_MODES = 45
export const KEY_SHARE = 51
/** RFC 9849 */
export const ENCRYPTED_CLIENT_HELLO = 0xfe0d
