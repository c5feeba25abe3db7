import { describe, expect, test } from "vitest";
import { findAuthority } from "./certificate-path.ts";
import { readAuthority, readCertificate } from "./client-certificate.ts";
import { hasWeakSignature } from "./weakness.ts";

// Made once, with OpenSSL, for a hundred years: an authority with P-256 and one of that name with RSA of 1,024 bits.
const AUTHORITY =
  "MIIBbzCCARWgAwIBAgIUYaBonRVE6nkjNrvxE/Uxogk62hQwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjcxMDE4NThaGA8yMT" +
  "I2MTEwMzEwMTg1OFowDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN8lvgF1JmlOquwhPna98kcbEdZroK+v5FTtjkhC" +
  "mAQSP6C17KIf4iuob6b6a8sHdIUHcsyw7j4kEU1iyBuqlYKjUzBRMB0GA1UdDgQWBBQKsKes3wKvPigppHWiwSUqkf/gxjAfBgNVHSMEGDAWgB" +
  "QKsKes3wKvPigppHWiwSUqkf/gxjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIALE+poJwj/HmGP4zZNjveddiZ3SL3L48UhK" +
  "37aLRob7AiEAzbPRB9weYX/nb0Gtiw1MiAIeUnCZ8FJgWJa8jmn2sak=";
const SHORT_AUTHORITY =
  "MIIB9jCCAV+gAwIBAgIUYCqner/JntW+MKwSTadYFpTS4OswDQYJKoZIhvcNAQELBQAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjcxMDE4NThaGA" +
  "8yMTI2MTEwMzEwMTg1OFowDDEKMAgGA1UEAwwBYTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAw4GsiuP0mVAqJ24pelDNyG+Q0eRm3+ci" +
  "3wTzbVwmI+T6tl+JgB6DUsNHCBQWiS0dgFa4vuziiKzLl0ZRdmOlrnaoxSmpGc4MH/k+4ZHI+iH1BvxzIY83kkUifltvpgeqBP4z6xkcCtk9dD" +
  "VpwEToRxKS3WFDy7pYpht99rKay88CAwEAAaNTMFEwHQYDVR0OBBYEFDSIaWNFOGM1YrnzL8C8tirfg3ZMMB8GA1UdIwQYMBaAFDSIaWNFOGM1" +
  "YrnzL8C8tirfg3ZMMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEAICDIoNYZjbVpR0pxCZQcCKfTW8pr12PbSe/tKx0+s2Aokt" +
  "pmQxrgh0FHpedArZtALFSB2wJ/zSQWBYZN5O7p5j07lDcSSCSjhcCcQ4Xt9f2UM3zKqY6iOmElWBQmP+dJ1x5kDVrykp4EKgBHcwXeJF4WZ2Dx" +
  "6+PyP7NaZceUFyo=";
// The first of them signed these: a good one, one over SHA-1, one with RSA of 1,024 bits, one with a curve of 192 bits.
const GOOD =
  "MIIBbDCCARKgAwIBAgIUOu/5mOmBOmuGCqDL+PYb4uW8AhowCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjcxMDE4NThaGA8yMT" +
  "I2MTEwMzEwMTg1OFowDDEKMAgGA1UEAwwBYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCt1iEBTq22eEriXRnGLxj1lK3HqD1iDX4rw470x" +
  "balk3CFRYtvCu2PNxnh3J++271BKUX41bPIAkCHFixrP8s+jUDBOMB0GA1UdDgQWBBQICU+/WJ+Cu1SiQDH+jQfQKA/ZXjAfBgNVHSMEGDAWgB" +
  "QKsKes3wKvPigppHWiwSUqkf/gxjAMBgNVHRMBAf8EAjAAMAoGCCqGSM49BAMCA0gAMEUCIQCnapK/OhCMPdfOUjg4f+fWxjyktnf9aOwjMqhN" +
  "2l92bAIgXh1ulKJ912+B33IB4jB5IJYqMK571KjszXdPQ+Ca2X4=";
const OVER_SHA1 =
  "MIIBajCCARGgAwIBAgIUeJOqJJ0SQxaWOtFKeRnnotZMTgkwCQYHKoZIzj0EATAMMQowCAYDVQQDDAFhMCAXDTI2MTEyNzEwMTg1OFoYDzIxMj" +
  "YxMTAzMTAxODU4WjAMMQowCAYDVQQDDAFjMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBqZ4tBr05YYqK4zalnB2JpoZPsxDOsziiKJ6o4zD" +
  "jDgqFzDDz9LHznD2q4bifDj6yH7HakrtxjspZ9qnbnI1VqNQME4wHQYDVR0OBBYEFM2qG74g9s4FKvllTLnjDutgZ+baMB8GA1UdIwQYMBaAFA" +
  "qwp6zfAq8+KCmkdaLBJSqR/+DGMAwGA1UdEwEB/wQCMAAwCQYHKoZIzj0EAQNIADBFAiBa1kQSK6QHZCII/Ha7zRxWPK2p7+Qqxlb3+UDROxsq" +
  "cAIhAKb/PnUg74f/ODKJr9uaH8wfnKbLawwv4rjjWX2hST+B";
const SHORT_RSA =
  "MIIBsjCCAVmgAwIBAgIUaEN0MZmGEaawz9q2Zb12Kp1KwvgwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjcxMDE4NThaGA8yMT" +
  "I2MTEwMzEwMTg1OFowDDEKMAgGA1UEAwwBYzCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAwGYSYQehkKDf+sM/ZE9vSZTyD/u7hSEZz4cV" +
  "erWJ4oqzniD5sc3HrLuKldC45IOTKgMG86/d9f91xWxf9FUSIoV3Tg1Q6HpBsDngEnmcIc2firHgvj+RYkM7+WkXw6vdP8wE7plwoNj6VlOmlj" +
  "qf2lr45LOwRtWsPW4KBahn87ECAwEAAaNQME4wHQYDVR0OBBYEFAmggDYdmQYlCZKPNttzEhRMCNMpMB8GA1UdIwQYMBaAFAqwp6zfAq8+KCmk" +
  "daLBJSqR/+DGMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0EAwIDRwAwRAIgR5RWpgtks5s5rNv1LMeQsvavqaOWdI9TMsu/4DWxLTYCIHULAA0nxw" +
  "naSYPEl63FLHFQj9PffAeS0noGdiP6fUBW";
const SHORT_CURVE =
  "MIIBWTCB/6ADAgECAhR9MAWM4Bf8uffswpqk88zujcDcRjAKBggqhkjOPQQDAjAMMQowCAYDVQQDDAFhMCAXDTI2MTEyNzEwMTg1OFoYDzIxMj" +
  "YxMTAzMTAxODU4WjAMMQowCAYDVQQDDAFjMEYwEAYHKoZIzj0CAQYFK4EEAB8DMgAE+kF9xRGKeirfYprg/XhxhPjpCj4k4WqWHE8XnmRsVvk5" +
  "m/UyRkawaX6PQnYUTYLlo1AwTjAdBgNVHQ4EFgQUgM3fgN3DIf9htNlvQ5E2VKC2nmwwHwYDVR0jBBgwFoAUCrCnrN8Crz4oKaR1osElKpH/4M" +
  "YwDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNJADBGAiEA0C35O0yqAZjKy6aLUghjxlmbRulUR2hX1FY8N2l1C9UCIQDSK4yWsHLHqvuj6Hgx" +
  "lUXFLOSKs3kqdjomIrkDy92KsA==";
// And the second this, which is good by itself.
const BY_SHORT =
  "MIIBrDCCARWgAwIBAgIUWJgt7hELqxm9pScpp9tbCTVOfEMwDQYJKoZIhvcNAQELBQAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjcxMDE4NThaGA" +
  "8yMTI2MTEwMzEwMTg1OFowDDEKMAgGA1UEAwwBYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCXvXasNqhYCgp6TMMv40/tuUAYESsx254oH" +
  "xx6uI5qQQRWKRGEPKzcGRP4RYa3LMsOHbk/ZE93Vjc50rodPs0qjUDBOMB0GA1UdDgQWBBSngAhlcgsYOJx/KHIvLsNPGRZKUzAfBgNVHSMEGD" +
  "AWgBQ0iGljRThjNWK58y/AvLYq34N2TDAMBgNVHRMBAf8EAjAAMA0GCSqGSIb3DQEBCwUAA4GBALiqdzjwUNvm7RXvkdzEKUtXEj6zkz+SnimF" +
  "6k/clwljxEkp/gVxgaUv/odVng3wPVcveQ/Pk9yHw7pbt8g+UPVE+8lF8WEeInDXUtQzJR4ISzVZWhHACIAad93uUCJBuUR5UsLxfkwm/hKomI" +
  "3Fp9N1uVt1wAd2rdFDbMyLXMkJ";
// Self-signed with RSASSA-PSS, over SHA-256 and over SHA-1.
const PSS_SHA256 =
  "MIIDZTCCAhigAwIBAgIUaMHqoUjVFTG02ZseSgANPidJd5kwQgYJKoZIhvcNAQEKMDWgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCD" +
  "ANBglghkgBZQMEAgEFAKIEAgIA3jAMMQowCAYDVQQDDAFyMCAXDTI2MTEyNzEwMTg1OVoYDzIxMjYxMTAzMTAxODU5WjAMMQowCAYDVQQDDAFy" +
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAm1sFW8kafr3AQ2JDBRPZL9eeDhLO5/2mpLTStOw366EisVHYRJc1kgxEiJR1ydugks" +
  "WgvUOpJ/3anYII7EaNxUWUDI81hf23MOw8GM7C4bn8df8bueG5DO2XOnEmOtpaLQ9KTtdu5XYOr+eRTkMbCWANhlUXSvnEHk7sxvMeU0l3ffey" +
  "wTDPXr2oUIrX+xvwawy5fhB7VVBmvr4Y0kZ+YePZs8PaET2X6cYgopiJxpFTmqMuWqJNaxlTP2wvSLfF61+ysQETOWoFWy4BUCTG2Xy2HRQZM1" +
  "/dW2f77Wf2nLONgNFM1ClpVrA3A95jVChHRCuaT/4+dNA7vb2C120aAwIDAQABo1MwUTAdBgNVHQ4EFgQUdhSxR4blChnd8TuyLpA2hWD9YDEw" +
  "HwYDVR0jBBgwFoAUdhSxR4blChnd8TuyLpA2hWD9YDEwDwYDVR0TAQH/BAUwAwEB/zBCBgkqhkiG9w0BAQowNaAPMA0GCWCGSAFlAwQCAQUAoR" +
  "wwGgYJKoZIhvcNAQEIMA0GCWCGSAFlAwQCAQUAogQCAgDeA4IBAQBAnhllG++fjfLLT0LkDsnYen5D3OThFMqVHFI1Kj7rVk3myJ/iHQUr8uGG" +
  "GQ2BEYs/0QiV+At8/C43zgyyOnAbjERMk216bWNkXbAqyrU5VuUExp1hrP6xK59+MAFOuNPItcyyjduIkSsLNFBnZT1jVgwEoYW7P7k40tTSip" +
  "vSE0d4eiF4fYAoot9VJcryW2TKXORmPY6yDt17YLV8ui0/EJNNSMKdYKzCeOjvYYvIoaenFNowTXhi434p/AjoVkZxAe/4IrJKXD+4YUZV+eaT" +
  "THl44MccfmwdsxTQ60/VnLgLwIsj4MffqGqMx93s2leEwSMxg1X362UkF+WIWgkk";
const PSS_SHA1 =
  "MIIDBzCCAemgAwIBAgIUC0pxrjYGmMzm4XY7hgQJsXBB4JUwEwYJKoZIhvcNAQEKMAaiBAICAOowDDEKMAgGA1UEAwwBcjAgFw0yNjExMjcxMD" +
  "E4NTlaGA8yMTI2MTEwMzEwMTg1OVowDDEKMAgGA1UEAwwBcjCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAJtbBVvJGn69wENiQwUT" +
  "2S/Xng4Szuf9pqS00rTsN+uhIrFR2ESXNZIMRIiUdcnboJLFoL1DqSf92p2CCOxGjcVFlAyPNYX9tzDsPBjOwuG5/HX/G7nhuQztlzpxJjraWi" +
  "0PSk7XbuV2Dq/nkU5DGwlgDYZVF0r5xB5O7MbzHlNJd333ssEwz169qFCK1/sb8GsMuX4Qe1VQZr6+GNJGfmHj2bPD2hE9l+nGIKKYicaRU5qj" +
  "LlqiTWsZUz9sL0i3xetfsrEBEzlqBVsuAVAkxtl8th0UGTNf3Vtn++1n9pyzjYDRTNQpaVawNwPeY1QoR0Qrmk/+PnTQO729gtdtGgMCAwEAAa" +
  "NTMFEwHQYDVR0OBBYEFHYUsUeG5QoZ3fE7si6QNoVg/WAxMB8GA1UdIwQYMBaAFHYUsUeG5QoZ3fE7si6QNoVg/WAxMA8GA1UdEwEB/wQFMAMB" +
  "Af8wEwYJKoZIhvcNAQEKMAaiBAICAOoDggEBAHO7BrxIPmg+JpEaer5xqp9A78nF9CLlpbprrSw4FtmClljPDl8dv7mpCiDDJ0fRf1GE7URgmX" +
  "4QeX/7fooyE6+pqv0SZz9RgOq8ElvOYLyJjagFSyUayr/D/mQ6l1E1ald5YK2w9R66s87yuhS8M3ZPJlXAdMoZr/nlibjEV/7QQzTNaXnmAbM8" +
  "z/wu8aKk+1hExeO3Hqvs9cqJZln4vIT0NB1ymLNptG1gsvqRFxIoyE0w148W+JPF4mE79b7wGLCE1grZTwMB0LF0KpOP+A7+A5LO7W3/5yaHQt" +
  "9SAqEbHX/4hzoP13Rm89RLpMt6KPtkDJhRzh46sf8ZYbm3PFI=";

const der = (base64: string) => Buffer.from(base64, "base64");
const pem = (base64: string) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
const trusted = [AUTHORITY, SHORT_AUTHORITY].map((one) => ({ id: one, pem: pem(one) }));
const now = new Date("2027-01-01T00:00:00Z");

describe("a path whose signatures others could make", () => {
  test.each([
    ["P-256 and SHA-256", GOOD, undefined],
    ["a signature over SHA-1", OVER_SHA1, "weak_signature"],
    ["a client's key of 1,024 bits", SHORT_RSA, "weak_key"],
    ["a client's key on a curve of 192 bits", SHORT_CURVE, "weak_key"],
    ["an authority's key of 1,024 bits", BY_SHORT, "weak_key"],
  ])("%s", (_, base64, problem) => {
    const certificate = readCertificate(der(base64));
    if (!certificate) throw new Error("no certificate");
    expect(findAuthority(certificate, [], trusted, now)).toEqual(
      problem === undefined ? { authority: trusted[0] } : { problem },
    );
  });

  test("an authority with a short key is not taken at all", () => {
    expect(readAuthority(pem(SHORT_AUTHORITY), now)).toBe("weak_key");
    expect(readAuthority(pem(AUTHORITY), now)).toMatchObject({ ca: true });
  });
});

describe("what a certificate is signed over", () => {
  test.each([
    ["PSS names SHA-256", PSS_SHA256, false],
    ["PSS names no digest and so means SHA-1", PSS_SHA1, true],
  ])("%s", (_, base64, isWeak) => expect(hasWeakSignature(der(base64))).toBe(isWeak));

  test("a certificate that ends early, or none → weak", () => {
    const whole = der(GOOD);
    for (let length = 0; length < whole.length; length++)
      expect(hasWeakSignature(whole.subarray(0, length))).toBe(true);
  });
});
