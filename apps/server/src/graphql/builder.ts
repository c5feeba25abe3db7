import type { Actor, PulseExchange } from "@mintmark/domain";
import type { TokenIssuer } from "@mintmark/token-issuer";
import SchemaBuilder from "@pothos/core";
import ComplexityPlugin from "@pothos/plugin-complexity";
import type { SendMail } from "../mail/transport.ts";
import type { Standing } from "./front.ts";
import { type scalars, scalarTypes } from "./scalars.ts";
import type { Streams } from "./streams.ts";

/** What a resolver knows beside its arguments. */
export interface GraphqlContext {
  readonly actor: Actor;
  /** For what lasts. */
  readonly standing: Standing;
  readonly streams: Streams;
  readonly pulses: PulseExchange;
  /** `undefined`: no mail server is configured. */
  readonly sendMail: SendMail | undefined;
  readonly issuer: Pick<TokenIssuer, "inspect" | "testForeignToken">;
}

/** A scalar that is text on both sides; the domain judges it, so that a bad one is a user error with its path. */
type Text = { Input: string; Output: string };

export interface SchemaTypes {
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  Scalars: { [N in keyof typeof scalars]: Text } & {
    DateTime: { Input: string; Output: Date };
    JSON: { Input: never; Output: Readonly<Record<string, unknown>> };
    ID: Text;
  };
}

/** Bounds of one operation, beyond the tokens and aliases that `limits.ts` counts. */
const operationLimits = { complexity: 12_000, depth: 14, breadth: 500 };

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ComplexityPlugin],
  defaultFieldNullability: false,
  complexity: { limit: operationLimits, defaultComplexity: 1, defaultListMultiplier: 10 },
});

/** The builder's own types, for helpers that add fields. */
export type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;

for (const scalar of scalarTypes) builder.addScalarType(scalar.name as keyof typeof scalars, scalar);
