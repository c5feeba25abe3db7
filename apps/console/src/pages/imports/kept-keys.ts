const keys = new Map<string, CryptoKey>();

/** Keeps the private key of an import while this tab is open. */
export const keepKey = (importId: string, key: CryptoKey): void => void keys.set(importId, key);
export const keptKey = (importId: string): CryptoKey | undefined => keys.get(importId);
