// Go, golang.org/x/oauth2: one order on standard input, as JSON; what the library saw on standard output.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	var order struct{ ClientId, ClientSecret, TokenEndpoint, Scope, Resource, Method string }
	if err := json.NewDecoder(os.Stdin).Decode(&order); err != nil {
		panic(err)
	}
	styles := map[string]oauth2.AuthStyle{
		"client_secret_basic": oauth2.AuthStyleInHeader,
		"client_secret_post":  oauth2.AuthStyleInParams,
		"auto-detected":       oauth2.AuthStyleAutoDetect,
	}
	config := clientcredentials.Config{
		ClientID:       order.ClientId,
		ClientSecret:   order.ClientSecret,
		TokenURL:       order.TokenEndpoint,
		Scopes:         strings.Fields(order.Scope),
		EndpointParams: url.Values{"resource": {order.Resource}},
		AuthStyle:      styles[order.Method],
	}
	token, err := config.Token(context.Background())
	said := map[string]any{}
	if refused := (*oauth2.RetrieveError)(nil); errors.As(err, &refused) {
		var body struct{ Error string }
		json.Unmarshal(refused.Body, &body)
		said["error"] = body.Error
	} else if err != nil {
		panic(err)
	} else {
		said["answer"] = map[string]any{
			"access_token": token.AccessToken,
			"token_type":   token.TokenType,
			"scope":        token.Extra("scope"),
			"expires_in":   token.Extra("expires_in"),
		}
	}
	json.NewEncoder(os.Stdout).Encode(said)
}
