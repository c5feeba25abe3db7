import type { Round } from "./scenarios.ts";

/** One promise: a figure of ours, by a peer's where there is one, and its bounds. */
export interface Row {
  readonly name: string;
  readonly scenario: string;
  readonly peer?: string;
  readonly of: (round: Round) => number;
  readonly bounds: readonly [floor: string, goal: string, moonshot: string];
}

export const perCpu = (round: Round) => round.perCpuSecond;
/** What is promised, in the order of the table. */
export const rows: readonly Row[] = [
  {
    name: "requests per processor second ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "requests per processor second ÷ @node-oauth/oauth2-server",
    scenario: "token",
    peer: "@node-oauth/oauth2-server",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "requests per processor second ÷ glewlwyd",
    scenario: "token",
    peer: "glewlwyd",
    of: perCpu,
    bounds: ["6", "8", "12"],
  },
  {
    name: "÷ oidc-provider, each twentieth secret wrong",
    scenario: "refusals",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "÷ oidc-provider, 128 connections",
    scenario: "wide",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "both cores, requests a second of the clock ÷ oidc-provider in a cluster of two",
    scenario: "cores",
    peer: "oidc-provider",
    of: ({ perSecond }) => perSecond,
    bounds: ["1.8", "2.5", "3.5"],
  },
  {
    name: "p99 at 32 connections ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: ({ p99 }) => p99,
    bounds: ["0.5", "0.25", "0.1"],
  },
  {
    name: "p50 with one connection, fsync included ÷ oidc-provider without",
    scenario: "unloaded",
    peer: "oidc-provider",
    of: ({ p50 }) => p50,
    bounds: ["3", "1.5", "1"],
  },
  {
    name: "memory of the process ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: ({ memoryMiB }) => memoryMiB,
    bounds: ["1.3", "1", "0.8"],
  },
  {
    name: "first token after start, database included ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: ({ firstToken }) => firstToken,
    bounds: ["1.5", "1", "0.5"],
  },
  {
    name: "processor time of a token, 100,000 clients ÷ 1,000",
    scenario: "many",
    peer: "Mintmark, 1,000 clients",
    of: ({ perCpuSecond }) => 1 / perCpuSecond,
    bounds: ["1.2", "1.1", "1"],
  },
  {
    name: "introspections per processor second ÷ oidc-provider",
    scenario: "introspection",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["", "", ""],
  },
  {
    name: "a page of 10,000 clients through GraphQL, p95 in ms",
    scenario: "list",
    of: ({ p95 }) => p95 / 1000,
    bounds: ["50", "50", "50"],
  },
];
