import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

export const NoticesPage = graphql(`
  query NoticesPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      viewerPermissions
      webhooks {
        id
        name
        host
        address
        isActive
        formerSecretEndsAt
        deliveries {
          messageId
          isTest
          credentialHint
          clientName
          daysBefore
          createdAt
          state
          attempts
          lastTriedAt
          nextTryAt
          reason
        }
      }
      unmailedNotices {
        messageId
        isTest
        credentialHint
        clientName
        daysBefore
        createdAt
        state
        attempts
        lastTriedAt
        nextTryAt
        reason
        mailedTo
      }
    }
  }
`);

export const CreateWebhook = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      webhook {
        id
      }
      secret
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const UpdateWebhook = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      webhook {
        id
        isActive
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const RotateWebhookSecret = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      webhook {
        id
      }
      secret
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const SendTestNotice = graphql(`
  mutation SendTestNotice($input: SendTestNoticeInput!) {
    sendTestNotice(input: $input) {
      webhook {
        id
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const DeleteWebhook = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      deletedWebhookId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export type NoticesWorkspace = NonNullable<ResultOf<typeof NoticesPage>["workspace"]>;
export type Webhook = NonNullable<NoticesWorkspace["webhooks"]>[number];
export type Delivery = NonNullable<Webhook["deliveries"]>[number];
export type Unmailed = NonNullable<NoticesWorkspace["unmailedNotices"]>[number];
