const LONGEST = 63;

/** A name as it can stand in an address: `Acme Payments GmbH` becomes `acme-payments-gmbh`. The server has the last word. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
