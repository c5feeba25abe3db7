import { plural } from "../../format.ts";

/** The words about a client's settings, and about what stops it. */
export const settingsWords = {
  settings: {
    general: "General",
    generalHelp: "How people recognise it. The ID never changes.",
    name: "Name",
    description: "Description",
    danger: "Stop it",
    dangerHelp: "What stops traffic says so first.",
  },
  acts: {
    disable: "Disable",
    disableNamed: (name: string) => `Disable ${name}`,
    disableHelp: "Within a second it gets no tokens, and those it has are inactive, until it is enabled again.",
    disableTitle: (name: string) => `Disable ${name}?`,
    disabled: (name: string) => `Disabled ${name}`,
    enable: "Enable",
    enableNamed: (name: string) => `Enable ${name}`,
    enableHelp: "It gets tokens again, with the credentials and the access that it has.",
    enabled: (name: string) => `Enabled ${name}`,
    revokeTokens: "End all tokens",
    revokeRegistration: "Revoke registration",
    revokeRegistrationNamed: "Keep it from changing its registration",
    revokeRegistrationTitle: (name: string) => `Keep ${name} from changing its registration?`,
    revokeRegistrationHelp:
      "It registered itself, and may rename itself, change its keys and leave. Then only people may. Its access and its credentials stay as they are.",
    registrationRevoked: (name: string) => `${name} can change its registration no more`,
    revokeTokensNamed: "End all tokens now",
    revokeTokensHelp:
      "Sets a cut-off: every token from before it is dead to whoever asks the server or reads the status. Whoever only checks signatures accepts it until it expires.",
    revokeTokensTitle: (name: string) => `End all tokens of ${name}?`,
    revokeTokensBody: (lifetime: string) =>
      `Every token that it has got so far stops counting where the server is asked. APIs that only check the signature accept it until it ends, in ${lifetime} at most. New tokens can be had at once.`,
    tokensRevoked: (name: string) => `Ended all tokens of ${name}`,
    delete: "Delete",
    deleteNamed: (name: string) => `Delete ${name}`,
    deleteHelp: "Its credentials, access and tokens end for good. Its audit trail stays.",
    deleteTitle: (name: string) => `Delete ${name}?`,
    deleted: (name: string) => `Deleted ${name}`,
    hits: (credentials: number, scopes: number) =>
      `It takes along ${plural(credentials, "credential")} that ${credentials === 1 ? "works" : "work"} and its access to ${plural(scopes, "scope")}. Its tokens are dead at once where the server is asked.`,
    stays: "It cannot be brought back. Its audit trail and its token log stay.",
    lastUsed: "It last asked for a token",
    neverUsed: "It has never asked for a token.",
  },
} as const;
