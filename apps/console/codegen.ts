import type { CodegenConfig } from "@graphql-codegen/cli";

// Typed documents for urql, from the server's committed schema. Prettier and formatters stay out: biome checks the result.
const config: CodegenConfig = {
  schema: "../server/schema.graphql",
  documents: ["src/**/*.tsx", "src/**/*.ts", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "./src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        defaultScalarType: "string",
        scalars: { JSON: "Record<string, unknown>" },
        importExtension: ".ts",
        emitLegacyCommonJSImports: false,
      },
    },
  },
};

export default config;
