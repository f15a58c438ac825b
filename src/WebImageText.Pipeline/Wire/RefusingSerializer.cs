using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace WebImageText.Pipeline.Wire;

/// <summary>
/// Stands where Akka has its serializer for any type by name: nothing of ours needs it, and nobody who reaches a port shall
/// have a type of their choice made.
/// </summary>
internal sealed class RefusingSerializer : Serializer
{
    /// <param name="system">Akka's.</param>
    /// <param name="settings">Of the serializer that it stands for; there is nothing to set here.</param>
    public RefusingSerializer(ExtendedActorSystem system, Config settings) : base(system) => _ = settings;

    public override int Identifier => 1; // the one that it stands for

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} has no contract, and is not sent to other nodes.");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("A message without a contract came from another node.");
}
