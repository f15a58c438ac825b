using System.Collections.Frozen;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Serialization;

namespace WebImageText.Pipeline.Wire;

/// <summary>Writes values as JSON under names and versions of our own, by contracts that are generated code.</summary>
/// <param name="system">Akka's.</param>
/// <param name="known">Contract by name.</param>
/// <param name="names">Name by type.</param>
internal abstract class ContractSerializer(
    ExtendedActorSystem system, FrozenDictionary<string, JsonTypeInfo> known, FrozenDictionary<Type, string> names) : SerializerWithStringManifest(system)
{
    public override string Manifest(object o) => names.GetValueOrDefault(o.GetType())
        ?? throw new SerializationException($"{o.GetType().Name} has no contract.");

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, known[Manifest(obj)]);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!known.TryGetValue(manifest, out var contract))
            throw new SerializationException($"'{manifest}' is not known to this version.");
        try
        {
            return JsonSerializer.Deserialize(bytes, contract) ?? throw new SerializationException($"A '{manifest}' is empty.");
        }
        catch (JsonException broken)
        {
            throw new SerializationException($"A '{manifest}' cannot be read: {broken.Message}", broken);
        }
    }
}
