import { useState } from "react";
import { useClient } from "urql";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { trouble } from "../../server/trouble.ts";
import { toast } from "../../ui/toast.tsx";
import type { Api } from "./access-changes.ts";

const MoreApis = graphql(`
  query MoreApisOfClient($workspace: Slug!, $after: Cursor!) {
    workspace(slug: $workspace) {
      id
      resources(first: 50, after: $after) {
        nodes {
          id
          name
          identifier
          isOwnApi
          scopes {
            id
            name
            description
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

interface FirstPage {
  readonly nodes: readonly Api[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** The workspace's APIs: the page's own first part, and what was loaded behind it. `more` is undefined at the end. */
export function useApis(workspace: string, first: FirstPage | null | undefined) {
  const client = useClient();
  const [further, setFurther] = useState<readonly Api[]>([]);
  const [end, setEnd] = useState<FirstPage["pageInfo"]>();
  const [pending, setPending] = useState(false);
  const pageInfo = end ?? first?.pageInfo;
  const after = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
  const load = async () => {
    if (!after) return;
    setPending(true);
    const { data, error } = await client.query(MoreApis, { workspace, after }).toPromise();
    setPending(false);
    const page = data?.workspace?.resources;
    if (error) toast(sentence(trouble(error).failure));
    if (!page) return;
    setFurther((known) => [...known, ...page.nodes]);
    setEnd(page.pageInfo);
  };
  return { apis: [...(first?.nodes ?? []), ...further], more: after ? load : undefined, pending };
}
