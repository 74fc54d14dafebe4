using System.Text;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Reads a Secret that a client sends in protobuf, as Helm does with what it remembers of a release.</summary>
/// <remarks>The fields are those of <c>k8s.io/apimachinery/pkg/runtime</c> and <c>k8s.io/api/core/v1</c>, <c>generated.proto</c>.</remarks>
internal static class ProtobufSecret
{
    private static readonly byte[] Magic = [.. "k8s\0"u8];

    /// <summary>Whether a body begins as protobuf of Kubernetes does.</summary>
    public static bool Is(ReadOnlySpan<byte> body) => body.StartsWith(Magic);

    /// <summary>The same Secret as JSON.</summary>
    public static JsonObject Read(byte[] body)
    {
        var secret = Fields(Fields(body.AsMemory(Magic.Length)).Single(field => field.Number == 2).Value).ToLookup(field => field.Number, field => field.Value);
        var metadata = Fields(secret[1].Single()).ToLookup(field => field.Number, field => field.Value);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = Text(metadata[1].Single()),
                ["namespace"] = Text(metadata[3].Single()),
                ["labels"] = new JsonObject(metadata[11].Select(Entry).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Text(entry.Value)))),
            },
            ["data"] = new JsonObject(secret[2].Select(Entry).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Convert.ToBase64String(entry.Value.Span)))),
            ["type"] = Text(secret[3].Single()),
        };
    }

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);

    private static (string Key, ReadOnlyMemory<byte> Value) Entry(ReadOnlyMemory<byte> entry)
    {
        var parts = Fields(entry).ToDictionary(field => field.Number, field => field.Value);
        return (Text(parts[1]), parts.GetValueOrDefault(2));
    }

    private static List<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, ReadOnlyMemory<byte>)>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message.Span, ref at);
            switch (tag & 7)
            {
                case 0:
                    Number(message.Span, ref at);
                    break;
                case 2:
                    var length = (int)Number(message.Span, ref at);
                    fields.Add(((int)(tag >> 3), message.Slice(at, length)));
                    at += length;
                    break;
                default:
                    throw new FormatException($"A field of kind {tag & 7} is not expected in a Secret.");
            }
        }

        return fields;
    }

    private static ulong Number(ReadOnlySpan<byte> message, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }
}
