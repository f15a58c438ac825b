using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace WebImageText.Pipeline.Wire;

/// <summary>
/// Akka's messages of no particular part, of which only those are taken from another node that a cluster lives on: who are you,
/// and are you there. The others end actors (<see cref="Kill"/>, which untrusted mode lets pass) or make types by name.
/// </summary>
/// <param name="system">Akka's.</param>
internal sealed class TakenMessages(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    // As MiscMessageSerializer names them: Identify, ActorIdentity, an actor's reference, the remote watcher's beat and answer.
    private static readonly FrozenSet<string> Taken = FrozenSet.Create("ID", "AID", "AR", "RWHB", "RWHR");

    private readonly MiscMessageSerializer _akka = new(system);

    public override int Identifier => 16; // the one that it stands for

    public override string Manifest(object o) => _akka.Manifest(o);

    public override byte[] ToBinary(object obj) => _akka.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest) => Taken.Contains(manifest)
        ? _akka.FromBinary(bytes, manifest)
        : throw new SerializationException($"A message '{manifest}' is not taken from other nodes.");
}

/// <summary>
/// Akka's messages about actors' lives, of which only those are taken from another node that let one watch an actor of the other.
/// The others suspend, restart or end actors, or carry exceptions, which are made by the name of their type.
/// </summary>
/// <param name="system">Akka's.</param>
internal sealed class TakenSystemMessages(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly FrozenDictionary<string, Type> Taken = new Dictionary<string, Type>
    {
        ["W"] = typeof(Watch),
        ["U"] = typeof(Unwatch),
        ["D"] = typeof(DeathWatchNotification),
    }.ToFrozenDictionary();

    private readonly SystemMessageSerializer _akka = new(system);

    public override int Identifier => 22; // the one that it stands for

    public override string Manifest(object o) =>
        Taken.FirstOrDefault(taken => taken.Value == o.GetType()).Key ?? throw new SerializationException($"{o.GetType().Name} is not sent to other nodes.");

    public override byte[] ToBinary(object obj) => _akka.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest) => Taken.TryGetValue(manifest, out var type)
        ? _akka.FromBinary(bytes, type)
        : throw new SerializationException($"A system message '{manifest}' is not taken from other nodes.");
}
