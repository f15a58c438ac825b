namespace WebImageText.Pipeline.Jobs;

/// <summary>How the owner of jobs gets on, as the coordinator of the run hears it.</summary>
internal enum WorkState
{
    /// <summary>Nothing was heard.</summary>
    Unknown,
    /// <summary>It has work to do or to wait for.</summary>
    Busy,
    /// <summary>Nothing to do, and every candidate has a durable verdict.</summary>
    Quiet,
    /// <summary>Nothing to do, and every candidate is settled.</summary>
    Done,
    /// <summary>Nothing to do, because a provider did not answer: it is asked again in another run.</summary>
    Failed,
}
