namespace ConfluenceGateway.Simulation.Proof;

/// <summary>A deliberate fault in the protocol, to show that the simulation would notice.</summary>
public enum Flaw
{
    None,

    /// <summary>R3: a lock is said to be held that never was taken.</summary>
    LockSkipped,

    /// <summary>R4: what was read before the lock is acted on.</summary>
    SecondLookSkipped,

    /// <summary>R4: another replica's live intent is not waited for.</summary>
    IntentIgnored,

    /// <summary>R5: the intent is not written.</summary>
    IntentNotWritten,

    /// <summary>R6: a caller that hangs up ends the exchange.</summary>
    CancelledByCaller,

    /// <summary>R8: a pair is stored over whatever is there.</summary>
    CompareSkippedAtCommit,

    /// <summary>R8: of two exchanges of one token the later does not win.</summary>
    EarlierSiblingKept,

    /// <summary>R8: a pair is stored though a later exchange of the same token may have made it void.</summary>
    LaterExchangeIgnored,

    /// <summary>R8: a commit that fails is given up.</summary>
    CommitNotRetried,

    /// <summary>R9: a death is noted over whatever is there.</summary>
    CompareSkippedAtDeath,

    /// <summary>R6: a replica that stood still since its intent sends all the same.</summary>
    StragglerSends,

    /// <summary>R4: a store that has just come back is taken at its word.</summary>
    NoTimeToSettle,

    /// <summary>R12: nobody rests after a failure.</summary>
    RestIgnored,

    /// <summary>R13: what the store has is taken, be it older than what is held.</summary>
    OlderIsAdopted,
}
