/** `GET /console/auth/account`: who is signed in. Instants as ISO 8601. */
export interface AccountFacts {
  readonly name: string;
  readonly email: string;
  /** The provider that they are known by, where they sign in by single sign-on alone. */
  readonly sso: { readonly id: string; readonly name: string } | null;
  /** Whether mail for them alone goes to that address; null: none is sent. */
  readonly isConfirmed: boolean | null;
  readonly hasTotp: boolean;
  readonly tenants: readonly {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly memberId: string;
  }[];
  /** Where they belong and can do nothing for the time being. */
  readonly suspended: readonly { readonly slug: string; readonly name: string }[];
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly createdAt: string;
    readonly isBackedUp: boolean;
  }[];
  readonly session: {
    readonly id: string;
    readonly createdAt: string;
    readonly endsAt: string;
    readonly steppedUpUntil: string;
  };
}
